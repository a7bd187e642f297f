"""The offline checker: one page that checks a file on a computer with nothing installed, as the server would.

`rules` exports what is data in the Python modules, `snapshot` what an initiative asks for; `page` puts both and the
code of `page/` into one file. The code in `page/` says in JavaScript what the modules of the same names say here.
"""
