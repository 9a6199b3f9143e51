<?php
// a