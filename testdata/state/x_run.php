<?php
// What requests find, a line of JSON each:
//
//     php x_run.php FOLDER LOADED FIRST LAST RESET
//
// loads the files of FOLDER that LOADED names, with commas between, and answers the requests of
// the numbers FIRST to LAST. With RESET 1 the state is put back when the application has started
// and after each request.
list(, $folder, $loaded, $first, $last, $resets) = $argv;
error_reporting(-1);
ini_set('display_errors', '1');
ini_set('html_errors', '0');
foreach (explode(',', $loaded) as $file) {
    require "$folder/$file";
}
if (!class_exists('Keeps\Late')) {
    Keeps\boot();
}
if ($resets) {
    tilde_state::reset();
}
for ($n = (int) $first; $n <= (int) $last; $n++) {
    $answer = array(Keeps\answer($n));
    if (function_exists('Since83\answer')) {
        $answer[] = Since83\answer();
    }
    if (function_exists('Left\answer')) {
        $answer[] = Left\answer();
    }
    if (function_exists('Left83\answer')) {
        $answer[] = Left83\answer($n);
    }
    if ($resets) {
        tilde_state::reset();
    }
    echo json_encode($answer), "\n";
}
