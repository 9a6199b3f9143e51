<?php
#[A(...$x)] class B { }
