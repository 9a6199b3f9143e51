<?php
throw;
