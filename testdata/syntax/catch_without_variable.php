<?php
try { } catch (A) { }
