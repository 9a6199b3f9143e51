<?php
namespace H;
function h() {}
__halt_compiler();
data  // kept?
  more /* of it */
