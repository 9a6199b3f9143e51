<?php
// Functions of the application.
//[RUNTIME]
function compiled_at() { return 'run time'; }
//[/RUNTIME]
function title()
{
    return substr(C('site_name'), 0, 5);
}
