<?php
switch (mt_rand(1, 1)) {
    case 4:
        return;
    case 5:
        throw new Exception();
}
try {
    for (; mt_rand(1, 1) === 2;) {
        echo "never\n";
    }
} finally {
    echo "for\n";
}
