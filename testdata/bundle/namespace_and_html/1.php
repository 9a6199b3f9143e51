<?php
namespace A ?>
<b>hi</b>
<?php function f() { return 'f'; }