<?php
f()();
