<?php
new f()();
