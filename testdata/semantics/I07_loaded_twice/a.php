<?php
class Once {}
