<?php try { a(); }
