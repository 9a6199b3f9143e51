<?php $a ? b : c; switch ($a) { case b: d: default: e(); } f::g();
