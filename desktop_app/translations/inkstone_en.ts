<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US" sourcelanguage="en_US">
<context>
    <name>ChatPage</name>
    <message numerus="yes">
        <source>{done} of %Ln document(s) are searchable so far.</source>
        <translation>
            <numerusform>{done} of %Ln document is searchable so far.</numerusform>
            <numerusform>{done} of %Ln documents are searchable so far.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DocumentsModel</name>
    <message numerus="yes">
        <source>%Ln line(s)</source>
        <translation>
            <numerusform>%Ln line</numerusform>
            <numerusform>%Ln lines</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln page(s)</source>
        <translation>
            <numerusform>%Ln page</numerusform>
            <numerusform>%Ln pages</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln paragraph(s)</source>
        <translation>
            <numerusform>%Ln paragraph</numerusform>
            <numerusform>%Ln paragraphs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln slide(s)</source>
        <translation>
            <numerusform>%Ln slide</numerusform>
            <numerusform>%Ln slides</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln row(s)</source>
        <translation>
            <numerusform>%Ln row</numerusform>
            <numerusform>%Ln rows</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln section(s)</source>
        <translation>
            <numerusform>%Ln section</numerusform>
            <numerusform>%Ln sections</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln cell(s)</source>
        <translation>
            <numerusform>%Ln cell</numerusform>
            <numerusform>%Ln cells</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Searchable, but %Ln of its {pages} pages have no text</source>
        <translation>
            <numerusform>Searchable, but %Ln of its {pages} pages has no text</numerusform>
            <numerusform>Searchable, but %Ln of its {pages} pages have no text</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Waiting; %Ln scanned page(s) to recognise</source>
        <translation>
            <numerusform>Waiting; %Ln scanned page to recognise</numerusform>
            <numerusform>Waiting; %Ln scanned pages to recognise</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Searchable; {done} of %Ln scanned page(s) are recognised</source>
        <translation>
            <numerusform>Searchable; {done} of %Ln scanned page is recognised</numerusform>
            <numerusform>Searchable; {done} of %Ln scanned pages are recognised</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FolderCard</name>
    <message numerus="yes">
        <source>%Ln document(s) could not be read</source>
        <translation>
            <numerusform>%Ln document could not be read</numerusform>
            <numerusform>%Ln documents could not be read</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Scanning… %Ln file(s)</source>
        <translation>
            <numerusform>Scanning… %Ln file</numerusform>
            <numerusform>Scanning… %Ln files</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Heralding</name>
    <message numerus="yes">
        <source>%Ln document(s) can be searched.</source>
        <translation>
            <numerusform>%Ln document can be searched.</numerusform>
            <numerusform>%Ln documents can be searched.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LibraryPage</name>
    <message numerus="yes">
        <source>%Ln folder(s)</source>
        <translation>
            <numerusform>%Ln folder</numerusform>
            <numerusform>%Ln folders</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ProgressCard</name>
    <message numerus="yes">
        <source>%Ln document(s) wait(s) until it goes on. What was read stays searchable.</source>
        <translation>
            <numerusform>%Ln document waits until it goes on. What was read stays searchable.</numerusform>
            <numerusform>%Ln documents wait until it goes on. What was read stays searchable.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Saving</name>
    <message numerus="yes">
        <source>%Ln judged answer(s) were written to {path}.</source>
        <translation>
            <numerusform>%Ln judged answer was written to {path}.</numerusform>
            <numerusform>%Ln judged answers were written to {path}.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SourcePanel</name>
    <message numerus="yes">
        <source>%Ln citation(s)</source>
        <translation>
            <numerusform>%Ln citation</numerusform>
            <numerusform>%Ln citations</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StateLine</name>
    <message numerus="yes">
        <source>Reading %Ln passage(s)…</source>
        <translation>
            <numerusform>Reading %Ln passage…</numerusform>
            <numerusform>Reading %Ln passages…</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>WelcomeLibrary</name>
    <message numerus="yes">
        <source>and %Ln more</source>
        <translation>
            <numerusform>and %Ln more</numerusform>
            <numerusform>and %Ln more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_Counted</name>
    <message numerus="yes">
        <source>%Ln document(s)</source>
        <translation>
            <numerusform>%Ln document</numerusform>
            <numerusform>%Ln documents</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln passage(s)</source>
        <translation>
            <numerusform>%Ln passage</numerusform>
            <numerusform>%Ln passages</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>about %Ln minute(s) left</source>
        <translation>
            <numerusform>about %Ln minute left</numerusform>
            <numerusform>about %Ln minutes left</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>about %Ln hour(s) left</source>
        <translation>
            <numerusform>about %Ln hour left</numerusform>
            <numerusform>about %Ln hours left</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{names} and %Ln more</source>
        <translation>
            <numerusform>{names} and %Ln more</numerusform>
            <numerusform>{names} and %Ln more</numerusform>
        </translation>
    </message>
</context>
</TS>
