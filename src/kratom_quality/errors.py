"""Every error this package raises on purpose, sorted by whose fault it is.

::

    KratomQualityError
    ├── InputError                 the person gave something we cannot use
    │   ├── UnreadableFileError        the file cannot be opened
    │   ├── NotAPdfError               the bytes are not a PDF
    │   ├── DamagedPdfError            a PDF that is truncated, broken or without pages
    │   ├── EncryptedPdfError          a PDF that asks for a password
    │   ├── LimitExceededError         a file that asks for more time, memory, pages ... than a limit allows
    │   ├── ChangedFileError           the file is no longer the one a certificate was read from
    │   ├── NoSuchPageError            a page was asked for that the document does not have
    │   ├── NoCertificatesError        a folder without a single certificate
    │   ├── DataFileError              a vocabulary, standard or weights file that does not hold what it must
    │   ├── ClaimsError                a claims file that does not hold what it must
    │   ├── FrameError                 a pandas frame that does not hold what records need
    │   ├── LedgerError                a ledger that cannot be opened, or does not hold what was asked for
    │   ├── OutputExistsError          an output folder that holds what would be lost
    │   └── MissingExtraError          something was asked for that needs a library not installed
    ├── CertificateError           the document is fine, what it prints is not what we can read
    │   ├── ValueFormatError           a cell that is no value we know
    │   └── UnitError                  units that do not convert into each other
    ├── ReadingFailedError         our fault: reading stopped (lost worker, a defect)
    │   └── KilledReaderError          something outside ended the reading process; reading again may help
    └── ExecutorError              the machines that were to read are lost, out of reach or not alike
"""

from __future__ import annotations


class KratomQualityError(Exception):
    """Root of every error this package raises on purpose."""


class InputError(KratomQualityError):
    """The person gave something that cannot be used; the message says what to do."""


class UnreadableFileError(InputError):
    """The file cannot be opened or read."""


class NotAPdfError(InputError):
    """The bytes are not a PDF."""


class DamagedPdfError(InputError):
    """The PDF is truncated, broken or has no pages."""


class EncryptedPdfError(InputError):
    """The PDF asks for a password that was not given, or was wrong."""


class LimitExceededError(InputError):
    """A file asks for more than a limit allows; the message names the limit, which may be raised."""


class ChangedFileError(InputError):
    """The file is no longer the one a certificate was read from."""


class NoSuchPageError(InputError):
    """A page was asked for that the document does not have."""


class NoCertificatesError(InputError):
    """A folder holds no file that could be a certificate."""


class DataFileError(InputError):
    """A data file (vocabulary, standard, weights) does not hold what it must."""


class ClaimsError(InputError):
    """A claims file does not hold what it must."""


class FrameError(InputError):
    """A pandas frame does not hold what records need."""


class LedgerError(InputError):
    """A ledger cannot be opened, read or written, or does not hold what was asked for."""


class OutputExistsError(InputError):
    """An output folder holds files that would be lost."""


class MissingExtraError(InputError):
    """What was asked for needs a library that is not installed; the message says which."""


class CertificateError(KratomQualityError):
    """What a certificate prints cannot be understood."""


class ValueFormatError(CertificateError):
    """A cell's text is no value we know."""


class UnitError(CertificateError):
    """Two units do not convert into each other."""


class ReadingFailedError(KratomQualityError):
    """Reading stopped through no fault of the file's owner: a lost worker or a defect of ours."""


class KilledReaderError(ReadingFailedError):
    """Something outside ended the process that read the file, such as a system short of memory."""


class ExecutorError(KratomQualityError):
    """An executor lost its workers, cannot be reached, or has workers with other software; the message says which."""
