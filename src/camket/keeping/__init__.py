"""What keeps an installation's data: backups of all of it, restoring them, and giving an agency its own.

It knows tables and files in general and no package in particular: a table that is added tomorrow is in the next
backup unless ``tables.LEFT_OUT`` names it, and in the next export unless ``export`` says why not. A backup holds
plain JSON lines and the files as they are, so that it can be read without the product and restored to another engine.
"""
