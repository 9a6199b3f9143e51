<?php
try { } catch (A $e) { } catch (B $e) { } finally { }
