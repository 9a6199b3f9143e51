<?php
// Runs many scripts, each in a process of its own that is forked from this one:
// starting PHP costs more than the scripts do. Standard input names a folder and
// a script a line; standard output gets an exit status a line.
foreach (file('php://stdin', FILE_IGNORE_NEW_LINES) as $tilde_job) {
    [$tilde_folder, $tilde_script, $tilde_output] = explode("\t", $tilde_job);
    $tilde_child = pcntl_fork();
    if ($tilde_child === 0) {
        break;
    }
    pcntl_waitpid($tilde_child, $tilde_status);
    echo pcntl_wifexited($tilde_status) ? pcntl_wexitstatus($tilde_status) : -1, "\n";
}
if (isset($tilde_child) && $tilde_child === 0) {
    chdir($tilde_folder);
    // The lowest free number is the next file's: what is printed goes there.
    fclose(STDIN);
    fclose(STDOUT);
    $tilde_input = fopen('/dev/null', 'r');
    $tilde_stdout = fopen($tilde_output, 'w');
    set_time_limit(1);
    $GLOBALS['tilde_held'] = [$tilde_input, $tilde_stdout];
    $tilde_entry = $tilde_folder . '/' . $tilde_script;
    unset($tilde_job, $tilde_folder, $tilde_script, $tilde_output, $tilde_child, $tilde_status);
    unset($tilde_input, $tilde_stdout);
    require $tilde_entry;
}
