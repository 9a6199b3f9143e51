<?php
namespace Left;
function weight() { return 20; }
