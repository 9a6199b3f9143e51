<?php
();
