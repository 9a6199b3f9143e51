<?php
$notes = new PDO('sqlite::memory:');
$notes->exec('create table note (text)');
echo $notes->query('select count(*) from note')->fetchColumn(), "\n";
