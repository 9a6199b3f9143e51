<?php
if (true) { class P {} }
