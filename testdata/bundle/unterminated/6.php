<?php
/** doc