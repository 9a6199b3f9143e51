<?php
namespace { echo \A\f() + \B\g(); }

?>
<?php
namespace C {}