"""``python -m kratom_quality`` is the command line."""

from kratom_quality.cli import main

if __name__ == "__main__":
    main()
