<?php
//[/RUNTIME]
