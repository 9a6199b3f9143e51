<?php namespace A ?>
text
