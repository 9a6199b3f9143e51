<?php
yield /* from