<?php
f(); }
