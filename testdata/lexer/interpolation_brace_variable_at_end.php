<?php
"{$a