<?php
#[A(...)] class B { }
