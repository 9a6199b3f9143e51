<?php
//[RUNTIME]
