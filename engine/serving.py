"""An `Assistant` behind a pipe: JSON lines in, JSON lines out (`engine.wire`); it ends with its parent.

A request is `{"id": 7, "do": NAME, ...arguments}`. Every reply carries the request's id and is one of

    {"id": 7, "event": VALUE}        zero or more, in order; VALUE is one of `engine.types`
    {"id": 7, "done": VALUE}         the last one: VALUE as in the table, null where nothing is returned
    {"id": 7, "error": CODE, "facts": {...}, "exit_code": N}     instead of "done" (`engine.errors`)

Requests run side by side: a page is rendered while an answer streams. Without a request come
`{"id": 0, "event": ...}` with the events of indexing (Working, Indexed, Removed, Failed), and once, first of all,
`{"id": 0, "ready": true}`, or `{"id": 0, "error": ...}` when the library cannot be opened (the process then ends).

| do | arguments | events | done |
|---|---|---|---|
| status | | | LibraryStatus |
| documents | folder (null: all) | | tuple of Document, by path |
| add | paths | | tuple of the paths that are now watched |
| remove | paths | | null |
| retry | path (null: every failed one) | | null |
| search | query, k | | tuple of Hit |
| ask | question | Sources, Piece | Answer |
| stop | request (the id of an `ask`) | | null; that `ask` ends with stop `stopped` |
| page | path, page, scale (pixels a point) | | PageImage |
| lines | path, first, count | | TextLines |
| settings | | | the settings as an object |
| change | any setting=value | | null |
| quit | | | null; then the process ends |

Indexing and watching start by themselves; where another process indexes, this one only searches and answers, and
takes over when that process ends.
"""
