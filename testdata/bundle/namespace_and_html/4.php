<?php namespace C ?>
