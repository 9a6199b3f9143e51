<?php
namespace A;
__halt_compiler();
