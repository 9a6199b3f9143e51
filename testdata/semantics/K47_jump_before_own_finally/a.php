<?php
goto there;
there:
echo "there\n";
try {
    return 1;
} finally {
    echo "finally\n";
}
