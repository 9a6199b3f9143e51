<?php try { a(); } finally { b(); }
