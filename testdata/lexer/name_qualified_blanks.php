<?php
A \ B A\ B \ A namespace \A A\/**/B