"""``python -m camket.config.cli`` is ``camket``."""

from camket.config.cli import main

if __name__ == "__main__":
    main()
