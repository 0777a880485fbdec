"""Bad input: a clear error or Problem that names the file and the cause, and the batch goes on."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from kratom_quality import (
    DamagedPdfError,
    EncryptedPdfError,
    NotAPdfError,
    UnreadableFileError,
    read_certificate,
    read_folder,
)
