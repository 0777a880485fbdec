"""Folders of certificate files to records, in child processes; one bad file costs its own time and nothing else."""

from kratom_quality.batch.file import File, RemoteFile
from kratom_quality.batch.files import CERTIFICATE_SUFFIXES, find_files
from kratom_quality.batch.keeping import Kept, read_to
from kratom_quality.batch.outcomes import Batch, Failure, Outcome
from kratom_quality.batch.stream import TIME_LIMIT_SECONDS, Progress, read_folder, read_many, read_stream
from kratom_quality.batch.workers import run_all

__all__ = [
    "CERTIFICATE_SUFFIXES",
    "TIME_LIMIT_SECONDS",
    "Batch",
    "Failure",
    "File",
    "Kept",
    "Outcome",
    "Progress",
    "RemoteFile",
    "find_files",
    "read_folder",
    "read_many",
    "read_stream",
    "read_to",
    "run_all",
]
