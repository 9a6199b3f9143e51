<?php
try {
    fail();
} catch (LogicException $error) {
    echo basename($error->getFile()), ':', $error->getLine(), ' from ', basename($error->getTrace()[0]['file']);
}
