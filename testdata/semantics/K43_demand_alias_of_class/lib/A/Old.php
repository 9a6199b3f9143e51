<?php
namespace A;
echo 'old ';
class_exists(Knew::class);
if (false) {
    class Old extends Knew {}
}
