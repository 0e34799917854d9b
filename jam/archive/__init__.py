"""A whole jam as one file, and back: a Frictionless Data Package in a zip.

    datapackage.json      what there is: each file with its size and SHA-256, each table with its
                          columns, what they are, and what they refer to
    data/                 tables, as CSV; as JSON lines where a cell holds more than a value
    personal/             the tables that tell of people, who they are and what they did
    files/                what was uploaded, once each, called by its SHA-256

Rows are numbered from 1, in the order in which they were made, and are referred to by these
numbers: nothing depends on the keys that an installation gave them. The same jam gives the same
bytes, also after it was taken in by another installation. For that nothing in the zip is
compressed, which also means that a package is never larger than it looks.

What stands in which table is described by the parts (`Part.export_tables`), once: `writing` reads
the descriptions forwards, `reading` checks a package against them, and `taking_in` reads them
backwards.
"""
