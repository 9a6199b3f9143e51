<?php
declare();
