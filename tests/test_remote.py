"""Certificates in object stores and archives: read as on disk, named by their address, and no trap gets further."""

from __future__ import annotations

import shutil
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kratom_quality import MissingExtraError, ReadingLimits, UnreadableFileError, read_many, read_stream
from kratom_quality.batch import find_files, remote
from kratom_quality.records import Certificate

pytest.importorskip("s3fs")
NAMES = ("dt-23-04.pdf", "dt-26-02.pdf")


@pytest.fixture(scope="module")
def folder(fixtures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder of two certificates, one of them deeper, and something else."""
    folder = tmp_path_factory.mktemp("certificates")
    for name, place in zip(NAMES, ("b.pdf", "a/deep/c.PDF"), strict=True):
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(fixtures / "certificates" / "dusty-thimble-kratom" / name, folder / place)
    (folder / "notes.txt").write_text("nothing")
    (folder / ".hidden.pdf").write_text("nothing")
    return folder


@pytest.fixture(scope="module")
def bucket(folder: Path) -> Iterator[str]:
    """Start an S3 server on loopback with the folder in a bucket."""
    boto3 = pytest.importorskip("boto3")
    server_module = pytest.importorskip("moto.server")
    with pytest.MonkeyPatch.context() as patch:
        server = server_module.ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
        server.start()
        host, port = server.get_host_and_port()
        for name, value in {
            "AWS_ACCESS_KEY_ID": "of-nobody",
            "AWS_SECRET_ACCESS_KEY": "of-nobody",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": "/nonexistent",
            "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
        }.items():
            patch.setenv(name, value)
        client = boto3.client("s3")
        client.create_bucket(Bucket="certificates")
        for file in (path for path in folder.rglob("*") if path.is_file()):
            client.upload_file(str(file), "certificates", f"2026/{file.relative_to(folder).as_posix()}")
        client.close()
        yield "s3://certificates/2026"
        server.stop()


@pytest.fixture
def archive(folder: Path, tmp_path: Path) -> Path:
    with zipfile.ZipFile(tmp_path / "some.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in (path for path in folder.rglob("*") if path.is_file()):
            archive.write(file, file.relative_to(folder))
    return tmp_path / "some.zip"


def without_path(certificate: Certificate) -> str:
    source = certificate.source.model_copy(update={"path": None})
    return certificate.model_copy(update={"source": source}).model_dump_json()


def test_a_bucket_reads_like_a_folder(bucket: str, folder: Path) -> None:
    """The same certificates in the same order, each named by its address."""
    batch = read_many([bucket])
    assert [one.source.path for one in batch.certificates] == [f"{bucket}/a/deep/c.PDF", f"{bucket}/b.pdf"]
    assert list(map(without_path, batch.certificates)) == list(map(without_path, read_many([folder]).certificates))
    assert not batch.failures


def test_an_archive_reads_like_a_folder(archive: Path, folder: Path) -> None:
    """The same certificates in the same order, each named by its place in the archive."""
    batch = read_many([archive])
    assert [one.source.path for one in batch.certificates] == [
        f"zip://a/deep/c.PDF::{archive}",
        f"zip://b.pdf::{archive}",
    ]
    assert list(map(without_path, batch.certificates)) == list(map(without_path, read_many([folder]).certificates))


def test_one_object_is_read_whatever_its_name(bucket: str) -> None:
    """An address of an object gives that object."""
    assert [str(file) for file in find_files([f"{bucket}/notes.txt"])[0]] == [f"{bucket}/notes.txt"]


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("s3://nowhere/2026", "no such file, folder or bucket"),
        ("s3://certificates/none", "no such file, folder or bucket"),
        ("nonsense://certificates", "Protocol not known"),
        ("s3://name:secret@certificates/2026", "must not hold a password"),
    ],
)
def test_what_is_not_there_is_told(address: str, said: str) -> None:
    """A bucket, a folder or a protocol that does not exist is named; a password in an address is not repeated."""
    with pytest.raises(UnreadableFileError, match=said) as raised:
        find_files([address])
    assert "secret" not in str(raised.value)


def test_missing_credentials_are_told(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without credentials the error says where they are looked for."""
    import s3fs

    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    s3fs.S3FileSystem.clear_instance_cache()
    with pytest.raises(UnreadableFileError, match="AWS_ACCESS_KEY_ID"):
        find_files([bucket])
    s3fs.S3FileSystem.clear_instance_cache()


def test_an_object_that_is_gone_is_a_failure(bucket: str) -> None:
    """An object deleted between listing and reading costs itself alone."""
    import boto3

    client = boto3.client("s3")
    client.put_object(Bucket="certificates", Key="2026/z.pdf", Body=b"%PDF")
    stream = read_stream([bucket], jobs=1)
    client.delete_object(Bucket="certificates", Key="2026/z.pdf")
    client.close()
    outcomes = {str(file): outcome for file, outcome in stream}
    assert isinstance(outcomes.pop(f"{bucket}/z.pdf"), UnreadableFileError)
    assert all(isinstance(outcome, Certificate) for outcome in outcomes.values())


@pytest.mark.usefixtures("bucket")
def test_a_change_is_seen() -> None:
    """What an object is known by changes with it, also where it was listed before."""
    import boto3

    client = boto3.client("s3")
    stamps = set()
    for body in (b"one", b"two"):
        client.put_object(Bucket="certificates", Key="changing/a.pdf", Body=body)
        ((file,), _) = find_files(["s3://certificates/changing"])
        stamps.add(file.stamp)  # type: ignore[union-attr]
    client.close()
    assert len(stamps) == 2


def test_names_that_lead_elsewhere_are_not_followed(tmp_path: Path, folder: Path) -> None:
    """A name with ``..`` is refused and told; other odd names are names and nothing else; nothing is unpacked."""
    with zipfile.ZipFile(tmp_path / "tricks.zip", "w") as archive:
        for name in ("../../evil.pdf", "/absolute.pdf", "esc\x1b[2J.pdf", "C:\\windows.pdf"):
            archive.write(folder / "b.pdf", name)
    batch = read_many([tmp_path / "tricks.zip"])
    names = [(one.source.path or "").partition("::")[0] for one in batch.certificates]
    assert names == ["zip://C:\\windows.pdf", "zip://absolute.pdf", "zip://esc\x1b[2J.pdf"]
    (failure,) = batch.failures
    assert "leads out of the archive" in failure.reason
    assert [path.name for path in tmp_path.iterdir()] == ["tricks.zip"]


def test_a_bomb_is_not_read(tmp_path: Path, folder: Path) -> None:
    """A file larger than a certificate can be is a failure before any of it is unpacked, also where its size lies."""
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.pdf", b"\0" * 2_000_000)
        archive.writestr("liar.pdf", b"\0" * 2_000_000)
        archive.write(folder / "b.pdf", "sound.pdf")
    data = bytearray((tmp_path / "bomb.zip").read_bytes())
    entry = data.rindex(b"liar.pdf") - 46
    data[entry + 24 : entry + 28] = struct.pack("<I", 1000)
    (tmp_path / "bomb.zip").write_bytes(data)
    batch = read_many([tmp_path / "bomb.zip"], limits=ReadingLimits(file_bytes=1_000_000))
    assert [one.source.path for one in batch.certificates] == [f"zip://sound.pdf::{tmp_path / 'bomb.zip'}"]
    assert [failure.error for failure in batch.failures] == ["LimitExceededError", "UnreadableFileError"]


def test_what_is_no_archive_is_told(tmp_path: Path) -> None:
    """A file that is named like an archive and is none is named."""
    (tmp_path / "broken.zip").write_bytes(b"PK no archive")
    with pytest.raises(UnreadableFileError, match=r"broken\.zip: cannot be read \(BadZipFile"):
        find_files([tmp_path / "broken.zip"])


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch, archive: Path) -> None:
    """Where fsspec is not installed, the extra that brings it is named."""
    monkeypatch.setattr(remote, "find_spec", lambda _name: None)
    with pytest.raises(MissingExtraError, match=r"kratom-quality\[remote\]"):
        find_files([archive])
