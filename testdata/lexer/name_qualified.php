<?php
A\B \A \A\B namespace\A namespace\a\b Namespace\C A\class \class \namespace\A class\A