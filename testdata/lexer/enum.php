<?php
enum A {} enum  B: int {} ENUM
C {}