"""What goes wrong: the one exception of Lode, and the warning that a finding becomes."""


class Error(Exception):
    """What Lode refuses or cannot do.

    code     stable and dotted, e.g. 'io.missing_file'; the manual lists them (man lode-errors)
    message  what is wrong, in one sentence
    where    the file, layer, field, row or option
    hint     what to do about it
    more     further faults of the same check, each an Error
    result   what a command had found out before it ended with an error; None when nothing
    """

    def __init__(self, code, message, where='', hint='', more=(), result=None):
        super().__init__(code, message, where, hint, list(more), result)
        self.code = code
        self.message = message
        self.where = where
        self.hint = hint
        self.more = list(more)
        self.result = result

    def __str__(self):
        text = f'[{self.code}]' + (f' {self.where}' if self.where else '') + f': {self.message}'
        if text[-1] not in '.?':
            text += '.'
        if self.hint:
            text += ' ' + self.hint
        return '\n'.join([text, *map(str, self.more)])

    def __repr__(self):
        return f'lode.Error({str(self)!r})'


class FindingWarning(UserWarning):
    """A finding of severity warning or error among the results of a command."""


for _class in (Error, FindingWarning):
    _class.__module__ = 'lode'
