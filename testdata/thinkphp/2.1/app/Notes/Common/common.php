<?php
// Functions of the application.
function page()
{
    return C('SITE_NAME') . ', ' . note_count() . ' notes';
}
//[RUNTIME]
function compiled_at() { return 'run time'; }
//[/RUNTIME]

function note_count() { return count(C('notes')); }
