<?php
//[RUNTIME]
//[RUNTIME]
//[/RUNTIME]
