"""`python -m db …`"""

from db.cli import main

main()
